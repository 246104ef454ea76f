-- KEYS: the person's sign-in, pending credentials. ARGV: milliseconds the credentials may still be read.
-- {sealed sign-in, browser} for the one who forgets it, {} for everybody after.
local found = redis.call('HMGET', KEYS[1], 'sealed', 'browser')
if not found[1] then return {} end
redis.call('DEL', KEYS[1])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return found
