-- KEYS: the person's sign-in, its link, its state, the person's pending credentials.
-- ARGV: sealed sign-in, link (hashed), stage (0 link made, 1 in browser, 2 signed in), milliseconds to live,
--       what link and state lead to, browser.
-- A new link forgets the person's first sign-in. A late save never takes a sign-in a stage back.
local P = KEYS[1]
if redis.call('HGET', P, 'link') == ARGV[2] then
  local stage = tonumber(redis.call('HGET', P, 'stage'))
  if stage == 2 and tonumber(ARGV[3]) < 2 then return 0 end
  redis.call('HSET', P, 'sealed', ARGV[1], 'stage', math.max(stage, tonumber(ARGV[3])))
  if tonumber(ARGV[3]) == 2 then redis.call('PEXPIRE', P, ARGV[4]) end
else
  redis.call('DEL', P, KEYS[4])
  redis.call('HSET', P, 'sealed', ARGV[1], 'stage', ARGV[3], 'link', ARGV[2])
  redis.call('PEXPIRE', P, ARGV[4])
  if ARGV[3] == '0' then
    redis.call('SET', KEYS[2], ARGV[5], 'PX', ARGV[4])
    redis.call('SET', KEYS[3], ARGV[5], 'PX', ARGV[4])
  end
end
if ARGV[6] ~= '' then redis.call('HSETNX', P, 'browser', ARGV[6]) end
return 1
