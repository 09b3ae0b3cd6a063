#include "tools/lotmesh/fmt_command.h"

#include <iostream>

#include "compiler/diag/render_text.h"
#include "compiler/format_file.h"
#include "tools/lotmesh/line_diff.h"
#include "tools/lotmesh/replace_file.h"
#include "tools/lotmesh/route_files.h"

namespace lotmesh::tool {

namespace {

class Formatter {
public:
    Formatter(FmtMode mode, FmtStreams streams) : mode_(mode), streams_(streams) {}

    void format(const source::SourceText& file) {
        const FormatResult result = format_file(file);
        if (!result.text) {
            streams_.error << diag::render_text(result.report);
            worst_ = FmtExit::CouldNotRun;
            return;
        }
        switch (mode_) {
            case FmtMode::Write: return write(file, *result.text);
            case FmtMode::Check: return check(file, *result.text);
            case FmtMode::Diff: return show(file, *result.text);
        }
    }

    FmtExit worst() const { return worst_; }

private:
    void write(const source::SourceText& file, const std::string& text) {
        if (file.name == kStandardInputName) {
            streams_.out << text;
            return;
        }
        if (text == file.text) return;
        if (const auto replaced = replace_file(file.name, text); !replaced) {
            streams_.error << "lotmesh fmt: " << replaced.error() << "\n";
            worst_ = FmtExit::CouldNotRun;
            return;
        }
        streams_.out << file.name << "\n";
    }

    void check(const source::SourceText& file, const std::string& text) {
        if (text == file.text) return;
        streams_.out << file.name << "\n";
        differs();
    }

    void show(const source::SourceText& file, const std::string& text) {
        if (text == file.text) return;
        streams_.out << unified_diff(file.name, file.text, text);
        differs();
    }

    void differs() {
        if (worst_ == FmtExit::Clean) worst_ = FmtExit::Differences;
    }

    FmtMode mode_;
    FmtStreams streams_;
    FmtExit worst_ = FmtExit::Clean;
};

}  // namespace

FmtExit format_paths(const FmtOptions& options, FmtStreams streams) {
    const auto files = read_route_files(options.paths, streams.in);
    if (!files) {
        streams.error << "lotmesh fmt: " << files.error() << "\n";
        return FmtExit::CouldNotRun;
    }
    Formatter formatter(options.mode, streams);
    for (const PlanFiles& plan : *files)
        for (const source::SourceText& file : plan)
            formatter.format(file);
    return formatter.worst();
}

int run_fmt(const FmtOptions& options) {
    return static_cast<int>(format_paths(options, {std::cin, std::cout, std::cerr}));
}

}  // namespace lotmesh::tool
