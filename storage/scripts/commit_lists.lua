-- KEYS: lists, entries added since the refresh began. ARGV: beginning of the lists' keys, generation, time,
--       schema version, '1' when these are all lists, then pairs of kind and how it was read: 'whole', 'part'
--       (only what had changed) or 'same' (nothing had, nothing is staged).
-- Makes the generation current and drops the one before, in one step.
local function is_active(base, id)
  local entry = redis.call('HGET', base .. ':entries', id)
  return entry and cjson.decode(entry).active ~= false
end

local function switch(kind, added)
  local base = ARGV[1] .. ARGV[2] .. ':' .. kind
  for at = 1, #added, 2 do
    -- Created after the accounting software's list was read: it must not vanish from the new one.
    local one = cjson.decode(added[at + 1])
    if one.kind == kind then
      if not is_active(base, one.id) then
        redis.call('HSET', base .. ':entries', one.id, one.entry)
        for _, name in ipairs(one.names) do
          local ids = redis.call('HGET', base .. ':names', name)
          redis.call('HSET', base .. ':names', name, ids and (ids .. '\n' .. one.id) or one.id)
        end
        for _, member in ipairs(one.members) do redis.call('ZADD', base .. ':words', 0, member) end
      end
      redis.call('HDEL', KEYS[2], added[at])
    end
  end
  local old = redis.call('HGET', KEYS[1], 'g:' .. kind)
  redis.call('HSET', KEYS[1], 'g:' .. kind, ARGV[2],
    'n:' .. kind, redis.call('ZLEXCOUNT', base .. ':words', '[\0', '(\1'))
  for _, part in ipairs({ ':entries', ':names', ':words' }) do
    redis.call('PERSIST', base .. part)
    if old and old ~= ARGV[2] then redis.call('UNLINK', ARGV[1] .. old .. ':' .. kind .. part) end
  end
end

local added = redis.call('HGETALL', KEYS[2])
for place = 6, #ARGV, 2 do
  local kind, how = ARGV[place], ARGV[place + 1]
  if how ~= 'same' then switch(kind, added) end
  redis.call('HSET', KEYS[1], 't:' .. kind, ARGV[3])
  if how == 'whole' then redis.call('HSET', KEYS[1], 'w:' .. kind, ARGV[3]) end
end
redis.call('HSET', KEYS[1], 'v', ARGV[4])
if ARGV[5] == '1' then redis.call('HSET', KEYS[1], 'at', ARGV[3]) end
return 1
