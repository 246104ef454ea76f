-- KEYS: link. ARGV: beginning of the people's keys, browser ('' only looks).
-- {sealed sign-in, browser} for the browser that was first, {} for any other and when gone.
local leads = redis.call('GET', KEYS[1])
if not leads then return {} end
local link, person = string.match(leads, '^(%x+) (.*)$')
local P = ARGV[1] .. person
if redis.call('HGET', P, 'link') ~= link then return {} end
if ARGV[2] ~= '' then
  redis.call('HSETNX', P, 'browser', ARGV[2])
  if redis.call('HGET', P, 'browser') ~= ARGV[2] then return {} end
  if redis.call('HGET', P, 'stage') == '0' then redis.call('HSET', P, 'stage', 1) end
end
return redis.call('HMGET', P, 'sealed', 'browser')
