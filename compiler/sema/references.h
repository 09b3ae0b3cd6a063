// The port through which GET ENV "X" and GET SECRET "X" find their values. Who implements it
// decides where from; the compiler neither keeps nor shows what it gets.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lotmesh {

// Called by compile() only while it runs, on its thread.
class ReferenceResolver {
public:
    virtual ~ReferenceResolver() = default;
    virtual std::optional<std::string> env(std::string_view name) const = 0;
    virtual std::optional<std::string> secret(std::string_view name) const = 0;
};

}  // namespace lotmesh
