-- KEYS: refresh, lease. ARGV: id, refresh, lease seconds, message, '1' when it is over. 1 when it is the latest.
-- A refresh that was taken over changes nothing; one that is over does not run again; who does not know the
-- message keeps it.
if redis.call('HGET', KEYS[1], 'id') ~= ARGV[1] then return 0 end
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'message', ARGV[4]) end
if ARGV[5] ~= '1' and redis.call('HGET', KEYS[1], 'over') then return 1 end
redis.call('HSET', KEYS[1], 'is', ARGV[2])
if ARGV[5] == '1' then
  redis.call('HSET', KEYS[1], 'over', '1')
  redis.call('DEL', KEYS[2])
else
  redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[3])
end
return 1
