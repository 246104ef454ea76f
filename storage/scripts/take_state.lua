-- KEYS: state. ARGV: beginning of the people's keys, beginning of the links' keys.
-- {sealed sign-in, browser} the first time, {} afterwards. The link goes with the state.
local leads = redis.call('GETDEL', KEYS[1])
if not leads then return {} end
local link, person = string.match(leads, '^(%x+) (.*)$')
local P = ARGV[1] .. person
if redis.call('HGET', P, 'link') ~= link then return {} end
redis.call('DEL', ARGV[2] .. link)
return redis.call('HMGET', P, 'sealed', 'browser')
