-- KEYS: refresh, lease, suppliers added since the refresh began. ARGV: id, new refresh, lease seconds, message.
-- {} when begun, else {refresh, message} of the one that runs.
if not redis.call('SET', KEYS[2], ARGV[1], 'NX', 'EX', ARGV[3]) then
  return redis.call('HMGET', KEYS[1], 'is', 'message')
end
redis.call('DEL', KEYS[1], KEYS[3])
redis.call('HSET', KEYS[1], 'id', ARGV[1], 'is', ARGV[2], 'message', ARGV[4])
return {}
