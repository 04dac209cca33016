// The quickstart from C++, with owners for handles: raii FOLDER

#include "check.h"

#include <memory>
#include <string>

struct Free {
    void operator()(fl_desk *desk) const { fl_desk_close(desk); }
    void operator()(fl_error *error) const { fl_error_free(error); }
    void operator()(fl_hits *hits) const { fl_hits_free(hits); }
    void operator()(fl_calendar *calendar) const { fl_calendar_free(calendar); }
};

template <typename Handle> using Owned = std::unique_ptr<Handle, Free>;

// An answer in JSON, or the message of what went wrong.
template <typename Call> static std::string ask(Call call) {
    fl_buffer out = {};
    fl_error *error = nullptr;
    auto status = call(&out, &error);
    Owned<fl_error> owned(error);
    std::string answer = status == FL_STATUS_OK ? std::string(out.data, out.length)
                                                : std::string(fl_error_message(error));
    fl_buffer_free(&out);
    return answer;
}

static bool has(const std::string &text, const char *part) {
    return text.find(part) != std::string::npos;
}

static void tell(fl_desk *desk) {
    char *text = read_text(STORY "/story.jsonl");
    std::string story = text;
    free(text);
    for (std::size_t from = 0, to; (to = story.find('\n', from)) != std::string::npos; from = to + 1) {
        auto outcome = ask([&](fl_buffer *out, fl_error **error) {
            return fl_desk_execute(desk, story.data() + from, to - from, out, error);
        });
        check(has(outcome, "\"seq\":") || has(outcome, "there is no ticket #9"), "%s", outcome.c_str());
    }
}

int main(int argc, char **argv) {
    if (argc != 2) {
        return 2;
    }
    Owned<fl_desk> owner(story_desk(argv[1]));
    fl_desk *desk = owner.get();
    tell(desk);

    auto found = ask([&](fl_buffer *out, fl_error **error) {
        return fl_desk_search(desk, R"({"text":"принтеры не печатают"})", FL_NTS, out, error);
    });
    check(has(found, "Принтер не печатает"), "%s", found.c_str());
    auto suggested = ask([&](fl_buffer *out, fl_error **error) {
        return fl_desk_suggest(desk, 2, 3, out, error);
    });
    check(has(suggested, "The printer does not print"), "%s", suggested.c_str());
    auto alike = ask([&](fl_buffer *out, fl_error **error) {
        return fl_desk_similar(desk, 2, 3, out, error);
    });
    check(has(alike, "\"solutions\":"), "%s", alike.c_str());
    auto queue = ask([&](fl_buffer *out, fl_error **error) {
        return fl_desk_tickets(desk, R"({"filter":"status:unsolved","sort":"due"})", FL_NTS, out, error);
    });
    check(has(queue, "\"number\":2,") && !has(queue, "\"number\":1,"), "%s", queue.c_str());
    auto mistyped = ask([&](fl_buffer *out, fl_error **error) {
        return fl_desk_tickets(desk, R"({"filter":"stauts:new"})", FL_NTS, out, error);
    });
    check(has(mistyped, "there is no field `stauts`"), "%s", mistyped.c_str());
    auto why = ask([&](fl_buffer *out, fl_error **error) {
        return fl_desk_explain(desk, 2, "first_reply", FL_NTS, 0, FL_NEVER, "ru", FL_NTS, out, error);
    });
    check(has(why, "\"is_missed\":true") && has(why, "Первый ответ"), "%s", why.c_str());
    auto told = ask([&](fl_buffer *out, fl_error **error) {
        return fl_desk_brief(desk, 2, nullptr, 0, out, error);
    });
    check(has(told, "Nothing is charged so far."), "%s", told.c_str());
    auto errands = ask([&](fl_buffer *out, fl_error **error) {
        return fl_desk_effects(desk, MONDAY + 48 * HOUR, 0, 0, 0, out, error);
    });
    check(has(errands, "\"notify\":{\"role\":\"lead\""), "%s", errands.c_str());

    std::string copy = std::string(argv[1]) + "-copy";
    auto same = [&](const char *what, const std::string &answer) {
        auto verified = ask([&](fl_buffer *out, fl_error **error) {
            return fl_desk_verify(desk, out, error);
        });
        check(answer == verified, "%s: %s is not %s", what, answer.c_str(), verified.c_str());
    };
    check(fl_desk_backup(desk, copy.c_str(), FL_NTS, nullptr) == FL_STATUS_OK, "backup");
    check(fl_desk_backup(desk, copy.c_str(), FL_NTS, nullptr) == FL_STATUS_FILE_EXISTS, "again");
    std::string restored = copy + "-restored", file = copy + ".jsonl";
    same("restore", ask([&](fl_buffer *out, fl_error **error) {
        return fl_restore(copy.c_str(), FL_NTS, restored.c_str(), FL_NTS, out, error);
    }));
    same("export", ask([&](fl_buffer *out, fl_error **error) {
        return fl_desk_export(desk, file.c_str(), FL_NTS, out, error);
    }));
    Owned<fl_desk> other(story_desk(nullptr));
    same("import", ask([&](fl_buffer *out, fl_error **error) {
        return fl_desk_import(other.get(), file.c_str(), FL_NTS, out, error);
    }));

    fl_calendar *calendar = nullptr;
    check(fl_desk_calendar(desk, "office", FL_NTS, &calendar, nullptr) == FL_STATUS_OK, "calendar");
    Owned<fl_calendar> office(calendar);
    std::int64_t due = 0;
    check(fl_calendar_add(calendar, MONDAY, 9 * HOUR, &due) == FL_STATUS_OK, "add");
    check(due == MONDAY + 25 * HOUR, "nine hours later is %lld", static_cast<long long>(due));
    free(const_cast<char *>(story_rules()));
    return summary("raii");
}
