// A ticket with a due date and a found article, from Java 22 or later:
//
//     java --enable-native-access=ALL-UNNAMED Quickstart.java [FOLDER]
//
// FIRSTLINE_LIBRARY names the library if it is not installed where the system looks. JSON is read
// with two regular expressions here; a program has a library for it.

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;

final class Quickstart implements AutoCloseable {
    private static final String RULES = """
        name = "Northwind support"
        lines = [{ id = "L1" }]
        calendars.office = { time_zone = "Europe/Berlin", weekly = { mon-fri = ["09:00-17:00"] } }
        policies = [{ name = "standard", calendar = "office", targets.first_reply.within = "4h" }]
        """;

    private static final String LIBRARY =
        Objects.requireNonNullElse(System.getenv("FIRSTLINE_LIBRARY"), "libfirstline.so.0.1");

    private final Arena arena = Arena.ofShared();
    private final SymbolLookup library = SymbolLookup.libraryLookup(LIBRARY, arena);
    private final MethodHandle execute = function("fl_desk_execute", ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
    private final MethodHandle search = function("fl_desk_search", ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
    private final MethodHandle ticket = function("fl_desk_ticket", ADDRESS, JAVA_LONG, ADDRESS, ADDRESS);
    private final MethodHandle closeDesk = function("fl_desk_close", ADDRESS);
    private final MethodHandle freeBuffer = function("fl_buffer_free", ADDRESS);
    private final MethodHandle freeError = function("fl_error_free", ADDRESS);
    private final MethodHandle message = Linker.nativeLinker().downcallHandle(
        library.findOrThrow("fl_error_message"), FunctionDescriptor.of(ADDRESS, ADDRESS));
    private final MemorySegment desk;

    private interface Call {
        int on(MemorySegment place, MemorySegment error) throws Throwable;
    }

    Quickstart(String folder) throws Throwable {
        var texts = folder == null ? new String[] {RULES} : new String[] {folder, RULES};
        var open = folder == null
            ? function("fl_desk_open_in_memory", ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS)
            : function("fl_desk_open", ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS);
        try (var call = Arena.ofConfined()) {
            var place = call.allocate(ADDRESS);
            check(call, error -> folder == null
                ? (int) open.invokeExact(text(call, texts[0]), length(texts[0]), MemorySegment.NULL, place, error)
                : (int) open.invokeExact(text(call, texts[0]), length(texts[0]), text(call, texts[1]),
                    length(texts[1]), MemorySegment.NULL, place, error));
            desk = place.get(ADDRESS, 0);
        }
    }

    private interface Checked {
        int with(MemorySegment error) throws Throwable;
    }

    private MethodHandle function(String name, MemoryLayout... arguments) {
        var returnsNothing = name.endsWith("_free");
        var descriptor = returnsNothing
            ? FunctionDescriptor.ofVoid(arguments)
            : FunctionDescriptor.of(JAVA_INT, arguments);
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor);
    }

    private static MemorySegment text(Arena call, String text) {
        return call.allocateFrom(text);
    }

    private static long length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Throws what a failing call says. */
    private void check(Arena call, Checked body) throws Throwable {
        var place = call.allocate(ADDRESS);
        if (body.with(place) < 0) {
            var error = place.get(ADDRESS, 0);
            var said = (MemorySegment) message.invokeExact(error);
            var text = said.reinterpret(Long.MAX_VALUE).getString(0);
            freeError.invokeExact(error);
            throw new IllegalStateException(text);
        }
    }

    /** Makes a call that answers in JSON. */
    private String ask(Call body) throws Throwable {
        try (var call = Arena.ofConfined()) {
            var out = call.allocate(3 * JAVA_LONG.byteSize(), JAVA_LONG.byteAlignment());
            check(call, error -> body.on(out, error));
            var data = out.get(ADDRESS, 0).reinterpret(out.get(JAVA_LONG, 8));
            var answer = new String(data.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
            freeBuffer.invokeExact(out);
            return answer;
        }
    }

    String execute(String command) throws Throwable {
        try (var call = Arena.ofConfined()) {
            return ask((out, error) ->
                (int) execute.invokeExact(desk, text(call, command), length(command), out, error));
        }
    }

    String search(String question) throws Throwable {
        try (var call = Arena.ofConfined()) {
            return ask((out, error) ->
                (int) search.invokeExact(desk, text(call, question), length(question), out, error));
        }
    }

    String ticket(long number) throws Throwable {
        return ask((out, error) -> (int) ticket.invokeExact(desk, number, out, error));
    }

    @Override
    public void close() throws Exception {
        try {
            var status = (int) closeDesk.invokeExact(desk);
            arena.close();
            assert status == 0;
        } catch (Throwable problem) {
            throw new Exception(problem);
        }
    }

    private static String find(String pattern, String json) {
        var matcher = Pattern.compile(pattern).matcher(json);
        if (!matcher.find()) {
            throw new IllegalStateException("there is no " + pattern + " in " + json);
        }
        return matcher.group(1);
    }

    public static void main(String[] arguments) throws Throwable {
        try (var desk = new Quickstart(arguments.length > 0 ? arguments[0] : null)) {
            desk.execute("""
                {"actor":"system","action":{"save":{"id":{"contact":1},"party":{"contact":{"name":"Ada"}}}}}""");
            desk.execute("""
                {"actor":"system","action":{"article":{"do":{"publish":{"language":"en",
                "title":"The printer does not print","body":"Turn it off and on again."}}}}}""");
            var receipt = desk.execute("""
                {"actor":{"contact":1},"action":{"open":{"kind":"question","requester":1,"subject":"Printer",
                "text":"It prints nothing. 😀","channel":"portal","impact":"medium","urgency":"medium"}}}""");
            var number = Long.parseLong(find("\"ticket\":(\\d+)", receipt));
            var due = Instant.ofEpochMilli(Long.parseLong(find("\"due\":(\\d+)", desk.ticket(number))));
            System.out.println("ticket " + number + " is due " + due);
            var found = desk.search("{\"text\":\"printers not printing\"}");
            System.out.println("perhaps this helps: " + find("\"title\":\"([^\"]*)\"", found));
            try {
                desk.ticket(9);
            } catch (IllegalStateException refused) {
                System.out.println("refused as it should be: " + refused.getMessage());
            }
        }
    }
}
