-- KEYS: items, externals, then one sorted set for each stage.
-- ARGV: for each item external id, id, value, score, place of its stage among KEYS.
-- Gives for each the value that stands: '' when it is new.
local stands = {}
for at = 1, #ARGV, 5 do
  local known = redis.call('HGET', KEYS[2], ARGV[at])
  if known then
    stands[#stands + 1] = redis.call('HGET', KEYS[1], known)
  else
    redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1])
    redis.call('HSET', KEYS[1], ARGV[at + 1], ARGV[at + 2])
    redis.call('ZADD', KEYS[tonumber(ARGV[at + 4])], ARGV[at + 3], ARGV[at + 1])
    stands[#stands + 1] = ''
  end
end
return stands
