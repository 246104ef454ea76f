-- KEYS: history by item, items whose thread is behind, how far each thread is told.
-- ARGV: item, entries told before, told now, entries seen.
-- 1 when told on, 0 when another process was first. The item stays behind when more was logged meanwhile.
local item = ARGV[1]
if (redis.call('HGET', KEYS[3], item) or '0') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[3], item, ARGV[3])
if redis.call('ZLEXCOUNT', KEYS[1], '[' .. item .. '|', '(' .. item .. '}') == tonumber(ARGV[4]) then
  redis.call('ZREM', KEYS[2], item)
end
return 1
