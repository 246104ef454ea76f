-- KEYS: lists, entries added since the refresh began. ARGV: beginning of the lists' keys, the addition as JSON.
-- One more entry in the current generation; remembered for the one that a refresh may be writing.
local one = cjson.decode(ARGV[2])
redis.call('HSET', KEYS[2], one.kind .. ':' .. one.id, ARGV[2])
local generation = redis.call('HGET', KEYS[1], 'g:' .. one.kind)
if not generation then return 0 end
local base = ARGV[1] .. generation .. ':' .. one.kind
redis.call('HSET', base .. ':entries', one.id, one.entry)
for _, name in ipairs(one.names) do
  local ids = redis.call('HGET', base .. ':names', name)
  if not ids then
    redis.call('HSET', base .. ':names', name, one.id)
  elseif not string.find('\n' .. ids .. '\n', '\n' .. one.id .. '\n', 1, true) then
    redis.call('HSET', base .. ':names', name, ids .. '\n' .. one.id)
  end
end
for _, member in ipairs(one.members) do redis.call('ZADD', base .. ':words', 0, member) end
redis.call('HSET', KEYS[1], 'n:' .. one.kind, redis.call('ZLEXCOUNT', base .. ':words', '[\0', '(\1'))
return 1
