-- KEYS: lists. ARGV: beginning of the lists' keys, staged generation, kind, seconds it lives, '1' when known
--       entries are replaced (else the first of each id stands), then the entries as JSON:
--       {id, entry, names, members, old_names, old_members}. Gives how many were new to the staged list.
-- What is current already is left alone.
if redis.call('HGET', KEYS[1], 'g:' .. ARGV[3]) == ARGV[2] then return 0 end
local base, replaces = ARGV[1] .. ARGV[2] .. ':' .. ARGV[3], ARGV[5] == '1'

local function without(ids, id)
  local left = {}
  for one in string.gmatch(ids, '[^\n]+') do
    if one ~= id then left[#left + 1] = one end
  end
  return table.concat(left, '\n')
end

local new = 0
for _, one in ipairs(cjson.decode(ARGV[6])) do
  local known = redis.call('HEXISTS', base .. ':entries', one.id) == 1
  if not known then new = new + 1 end
  if not known or replaces then
    redis.call('HSET', base .. ':entries', one.id, one.entry)
    for _, name in ipairs(one.old_names) do
      local ids = without(redis.call('HGET', base .. ':names', name) or '', one.id)
      if ids == '' then
        redis.call('HDEL', base .. ':names', name)
      else
        redis.call('HSET', base .. ':names', name, ids)
      end
    end
    for _, member in ipairs(one.old_members) do redis.call('ZREM', base .. ':words', member) end
    for _, name in ipairs(one.names) do
      local ids = redis.call('HGET', base .. ':names', name)
      if not ids then
        redis.call('HSET', base .. ':names', name, one.id)
      elseif not string.find('\n' .. ids .. '\n', '\n' .. one.id .. '\n', 1, true) then
        redis.call('HSET', base .. ':names', name, ids .. '\n' .. one.id)
      end
    end
    for _, member in ipairs(one.members) do redis.call('ZADD', base .. ':words', 0, member) end
  end
end
for _, part in ipairs({ ':entries', ':names', ':words' }) do redis.call('EXPIRE', base .. part, ARGV[4]) end
return new
