-- KEYS: keys, when they were used, this key's calls. ARGV: id. The key for the one who removes it.
local key = redis.call('HGET', KEYS[1], ARGV[1])
if not key then return '' end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[3])
return key
