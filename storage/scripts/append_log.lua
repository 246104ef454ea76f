-- KEYS: log, its last hash. ARGV: last hash expected ('' for none), then for each entry its content and hash.
-- 1 when appended, 0 when another process was first.
if (redis.call('GET', KEYS[2]) or '') ~= ARGV[1] then return 0 end
for at = 2, #ARGV, 2 do
  redis.call('XADD', KEYS[1], '*', 'entry', ARGV[at], 'hash', ARGV[at + 1])
end
redis.call('SET', KEYS[2], ARGV[#ARGV])
return 1
