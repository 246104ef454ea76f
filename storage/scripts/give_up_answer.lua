-- KEYS: answer. ARGV: claim. Only who holds the claim gives it up, and only without an answer.
if redis.call('HGET', KEYS[1], 'claim') == ARGV[1] and not redis.call('HGET', KEYS[1], 'answer') then
  return redis.call('DEL', KEYS[1])
end
return 0
