-- KEYS: lists. ARGV: beginning of the lists' keys, generation, then the kinds. What is current stays.
-- Gives how many kinds are current in this generation.
local current = 0
for place = 3, #ARGV do
  if redis.call('HGET', KEYS[1], 'g:' .. ARGV[place]) == ARGV[2] then
    current = current + 1
  else
    for _, part in ipairs({ ':entries', ':names', ':words' }) do
      redis.call('UNLINK', ARGV[1] .. ARGV[2] .. ':' .. ARGV[place] .. part)
    end
  end
end
return current
