-- KEYS: lists. ARGV: beginning of the lists' keys, staged generation, kind, cursor, about how many to look at.
-- Gives {next cursor, entries of the current generation that the staged one lacks}.
local generation = redis.call('HGET', KEYS[1], 'g:' .. ARGV[3])
if not generation or generation == ARGV[2] then return { '0', {} } end
local staged = ARGV[1] .. ARGV[2] .. ':' .. ARGV[3] .. ':entries'
local current = ARGV[1] .. generation .. ':' .. ARGV[3] .. ':entries'
local page = redis.call('HSCAN', current, ARGV[4], 'COUNT', ARGV[5])
local missing = {}
for at = 1, #page[2], 2 do
  if redis.call('HEXISTS', staged, page[2][at]) == 0 then missing[#missing + 1] = page[2][at + 1] end
end
return { page[1], missing }
