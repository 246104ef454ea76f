-- KEYS: key. ARGV: value expected ('' for none), new value. 1 when set.
local now = redis.call('GET', KEYS[1])
if (now or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
