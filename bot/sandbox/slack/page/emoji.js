// Emoji by Slack's names: the common ones. An unknown name stays as it was written.

const NAMES = `
smile 😄 smiley 😃 grinning 😀 slightly_smiling_face 🙂 wink 😉 thinking_face 🤔 neutral_face 😐 cry 😢
joy 😂 heart ❤️ broken_heart 💔 star ⭐ sparkles ✨ tada 🎉 rocket 🚀 fire 🔥 zap ⚡ bulb 💡 eyes 👀 wave 👋
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 clap 👏 raised_hands 🙌 pray 🙏 ok_hand 👌 point_right 👉 muscle 💪
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ warning ⚠️
no_entry ⛔ no_entry_sign 🚫 question ❓ exclamation ❗ grey_question ❔ information_source ℹ️ bangbang ‼️
red_circle 🔴 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 large_orange_circle 🟠
white_circle ⚪ black_circle ⚫ large_red_square 🟥 large_green_square 🟩 large_yellow_square 🟨
hourglass ⌛ hourglass_flowing_sand ⏳ stopwatch ⏱️ alarm_clock ⏰ clock1 🕐 calendar 📅 date 📅
spiral_calendar_pad 🗓️ arrows_counterclockwise 🔄 repeat 🔁 recycle ♻️ arrow_right ➡️ arrow_left ⬅️
arrow_up ⬆️ arrow_down ⬇️ rewind ⏪ fast_forward ⏩ pause_button ⏸️ double_vertical_bar ⏸️ play_or_pause_button ⏯️
inbox_tray 📥 outbox_tray 📤 file_folder 📁 open_file_folder 📂 page_facing_up 📄 page_with_curl 📃
bookmark_tabs 📑 clipboard 📋 memo 📝 pencil 📝 pencil2 ✏️ paperclip 📎 link 🔗 pushpin 📌 receipt 🧾
books 📚 book 📖 ledger 📒 card_index_dividers 🗂️ file_cabinet 🗄️ wastebasket 🗑️ package 📦 label 🏷️
moneybag 💰 dollar 💵 pound 💷 euro 💶 yen 💴 credit_card 💳 bank 🏦 chart_with_upwards_trend 📈
chart_with_downwards_trend 📉 bar_chart 📊 abacus 🧮 office 🏢 factory 🏭 house 🏠
bell 🔔 no_bell 🔕 loudspeaker 📢 mega 📣 speech_balloon 💬 email 📧 envelope ✉️ incoming_envelope 📨
lock 🔒 unlock 🔓 key 🔑 gear ⚙️ wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ electric_plug 🔌 shield 🛡️
mag 🔍 mag_right 🔎 robot_face 🤖 bust_in_silhouette 👤 busts_in_silhouette 👥 construction 🚧 coffee ☕
`;

const BY_NAME = new Map();
const words = NAMES.trim().split(/\s+/);
for (let at = 0; at < words.length; at += 2) BY_NAME.set(words[at], words[at + 1]);

/** The character of a name, or nothing. */
export const emoji = (name) => BY_NAME.get(name);

/** A text with `:names:` replaced. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (written, name) => emoji(name) ?? written);
}
