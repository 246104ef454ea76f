-- KEYS: lists. ARGV: beginning of the lists' keys, staged generation, kind, seconds it lives.
-- Stages the current list as it stands. 1 when there is one.
local generation = redis.call('HGET', KEYS[1], 'g:' .. ARGV[3])
if not generation then return 0 end
if generation == ARGV[2] then return 1 end
for _, part in ipairs({ ':entries', ':names', ':words' }) do
  local staged = ARGV[1] .. ARGV[2] .. ':' .. ARGV[3] .. part
  redis.call('COPY', ARGV[1] .. generation .. ':' .. ARGV[3] .. part, staged, 'REPLACE')
  redis.call('EXPIRE', staged, ARGV[4])
end
return 1
