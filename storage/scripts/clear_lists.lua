-- KEYS: lists, entries added since the refresh began. ARGV: beginning of the lists' keys. Forgets all lists.
local lists = redis.call('HGETALL', KEYS[1])
for at = 1, #lists, 2 do
  if string.sub(lists[at], 1, 2) == 'g:' then
    for _, part in ipairs({ ':entries', ':names', ':words' }) do
      redis.call('UNLINK', ARGV[1] .. lists[at + 1] .. ':' .. string.sub(lists[at], 3) .. part)
    end
  end
end
redis.call('DEL', KEYS[1], KEYS[2])
return 1
