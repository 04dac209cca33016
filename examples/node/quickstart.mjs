// A ticket with a due date and a found article, from Node: node quickstart.mjs [FOLDER]
//
// `npm install` brings koffi, which calls C. FIRSTLINE_LIBRARY names the library if it is not
// installed where the system looks. Calls that wait for the disk can be made off the main thread with
// koffi's `.async`: any thread may use a desk.

import koffi from 'koffi';

const library = koffi.load(process.env.FIRSTLINE_LIBRARY ?? 'libfirstline.so.0.1');
koffi.struct('fl_buffer', { data: 'void *', length: 'size_t', capacity: 'size_t' });
const free = library.func('void fl_buffer_free(_Inout_ fl_buffer *buffer)');
const message = library.func('const char *fl_error_message(void *error)');
const freeError = library.func('void fl_error_free(void *error)');

// A function that ends with a place for an error: what it says is thrown.
function declare(name, parameters) {
  const call = library.func(`int32_t ${name}(${parameters}, _Out_ void **error)`);
  return (...values) => {
    const error = [null];
    const status = call(...values, error);
    if (status >= 0) return;
    const text = message(error[0]);
    freeError(error[0]);
    throw Object.assign(new Error(text), { status });
  };
}

// One that answers in JSON.
function question(name, parameters) {
  const call = declare(name, `${parameters}, _Inout_ fl_buffer *out`);
  return (...values) => {
    const out = { data: null, length: 0, capacity: 0 };
    call(...values, out);
    const answer = koffi.decode(out.data, 'char', Number(out.length));
    free(out);
    return JSON.parse(answer);
  };
}

const text = (value) => [value, Buffer.byteLength(value)];
const open = declare('fl_desk_open', 'const char *folder, size_t, const char *rules, size_t, void *options, _Out_ void **desk');
const openInMemory = declare('fl_desk_open_in_memory', 'const char *rules, size_t, void *options, _Out_ void **desk');
const close = library.func('int32_t fl_desk_close(void *desk)');
const execute = question('fl_desk_execute', 'void *desk, const char *command, size_t');
const search = question('fl_desk_search', 'void *desk, const char *question, size_t');
const ticket = question('fl_desk_ticket', 'void *desk, uint64_t ticket');

const RULES = `
name = "Northwind support"
lines = [{ id = "L1" }]
calendars.office = { time_zone = "Europe/Berlin", weekly = { mon-fri = ["09:00-17:00"] } }
policies = [{ name = "standard", calendar = "office", targets.first_reply.within = "4h" }]
`;

const place = [null];
if (process.argv[2]) open(...text(process.argv[2]), ...text(RULES), null, place);
else openInMemory(...text(RULES), null, place);
const desk = place[0];
const command = (actor, action) => execute(desk, ...text(JSON.stringify({ actor, action })));
try {
  command('system', { save: { id: { contact: 1 }, party: { contact: { name: 'Ada' } } } });
  const edition = { language: 'en', title: 'The printer does not print', body: 'Turn it off and on again.' };
  command('system', { article: { do: { publish: edition } } });
  const request = { kind: 'question', requester: 1, subject: 'Printer', text: 'It prints nothing. 😀' };
  const weight = { channel: 'portal', impact: 'medium', urgency: 'medium' };
  const receipt = command({ contact: 1 }, { open: { ...request, ...weight } });
  const opened = ticket(desk, receipt.stream.ticket);
  console.log(`ticket ${opened.number} is due ${new Date(opened.due).toISOString()}`);
  const found = search(desk, ...text(JSON.stringify({ text: 'printers not printing' })));
  console.log(`perhaps this helps: ${found.hits[0].title}`);
  try {
    ticket(desk, 9);
  } catch (error) {
    console.log(`refused as it should be: ${error.message} (${error.status})`);
  }
} finally {
  close(desk);
}
