/* Where Rust has the fields of what C sees. Made by tests/abi.rs. */

#include <firstline.h>
#include <stddef.h>

_Static_assert(sizeof(fl_buffer) == 24, "fl_buffer");
_Static_assert(offsetof(fl_buffer, data) == 0, "fl_buffer.data");
_Static_assert(offsetof(fl_buffer, length) == 8, "fl_buffer.length");
_Static_assert(offsetof(fl_buffer, capacity) == 16, "fl_buffer.capacity");

_Static_assert(sizeof(fl_desk_options) == 80, "fl_desk_options");
_Static_assert(offsetof(fl_desk_options, struct_size) == 0, "fl_desk_options.struct_size");
_Static_assert(offsetof(fl_desk_options, abi_version) == 4, "fl_desk_options.abi_version");
_Static_assert(offsetof(fl_desk_options, durability) == 8, "fl_desk_options.durability");
_Static_assert(offsetof(fl_desk_options, clock) == 12, "fl_desk_options.clock");
_Static_assert(offsetof(fl_desk_options, now_ms) == 16, "fl_desk_options.now_ms");
_Static_assert(offsetof(fl_desk_options, remember_commands_ms) == 24, "fl_desk_options.remember_commands_ms");
_Static_assert(offsetof(fl_desk_options, patience_ms) == 32, "fl_desk_options.patience_ms");
_Static_assert(offsetof(fl_desk_options, log) == 40, "fl_desk_options.log");
_Static_assert(offsetof(fl_desk_options, log_user) == 48, "fl_desk_options.log_user");
_Static_assert(offsetof(fl_desk_options, log_level) == 56, "fl_desk_options.log_level");
_Static_assert(offsetof(fl_desk_options, hold_out_percent) == 60, "fl_desk_options.hold_out_percent");
_Static_assert(offsetof(fl_desk_options, effects) == 64, "fl_desk_options.effects");
_Static_assert(offsetof(fl_desk_options, effects_user) == 72, "fl_desk_options.effects_user");

_Static_assert(sizeof(fl_hit) == 64, "fl_hit");
_Static_assert(offsetof(fl_hit, article) == 0, "fl_hit.article");
_Static_assert(offsetof(fl_hit, score) == 8, "fl_hit.score");
_Static_assert(offsetof(fl_hit, reserved) == 12, "fl_hit.reserved");
_Static_assert(offsetof(fl_hit, title) == 16, "fl_hit.title");
_Static_assert(offsetof(fl_hit, title_length) == 24, "fl_hit.title_length");
_Static_assert(offsetof(fl_hit, snippet) == 32, "fl_hit.snippet");
_Static_assert(offsetof(fl_hit, snippet_length) == 40, "fl_hit.snippet_length");
_Static_assert(offsetof(fl_hit, language) == 48, "fl_hit.language");
_Static_assert(offsetof(fl_hit, language_length) == 56, "fl_hit.language_length");

_Static_assert(sizeof(fl_woken) == 24, "fl_woken");
_Static_assert(offsetof(fl_woken, tickets) == 0, "fl_woken.tickets");
_Static_assert(offsetof(fl_woken, records) == 8, "fl_woken.records");
_Static_assert(offsetof(fl_woken, next_ms) == 16, "fl_woken.next_ms");
