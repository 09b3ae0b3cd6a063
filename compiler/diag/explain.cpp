#include "compiler/diag/explain.h"

#include <algorithm>
#include <iterator>

#include "base/assert.h"
#include "compiler/diag/explain_cluster.h"

namespace lotmesh::diag {

const std::vector<Page>& pages() {
    static const std::vector<Page> all = [] {
        std::vector<Page> result;
        for (const std::span<const Page> part :
             {input_and_syntax_pages(), structure_pages(), value_pages(), advice_pages(),
              cluster_link_pages(), cluster_setting_pages(), cluster_name_pages(), rule_pages()})
            std::ranges::copy(part, std::back_inserter(result));
        std::ranges::stable_sort(result, {}, &Page::code);
        return result;
    }();
    return all;
}

const Page& page_of(Code code) {
    const auto found = std::ranges::find(pages(), code, &Page::code);
    ASSERT(found != pages().end());
    return *found;
}

}  // namespace lotmesh::diag
