-- KEYS: lists. ARGV: beginning of the lists' keys, kind. Gives every entry of the current generation.
local generation = redis.call('HGET', KEYS[1], 'g:' .. ARGV[2])
if not generation then return {} end
return redis.call('HVALS', ARGV[1] .. generation .. ':' .. ARGV[2] .. ':entries')
