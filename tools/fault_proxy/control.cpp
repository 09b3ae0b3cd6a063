#include "tools/fault_proxy/control.h"

#include <unistd.h>

#include <array>
#include <utility>

namespace lotmesh::fault_proxy {

namespace {

constexpr int kBacklog = 16;

struct Answer {
    uv_write_t request{};
    std::string text;
};

}  // namespace

struct Control::Client {
    explicit Client(Control& control) : owner(control) {}

    Control& owner;
    uv_pipe_t pipe{};
    std::string unread;
    std::array<char, 1024> buffer{};
};

Control::Control(uv_loop_t& loop, Obey obey) : loop_(loop), obey_(std::move(obey)) {
    uv_pipe_init(&loop_, &listener_, 0);
    listener_.data = this;
}

Control::~Control() = default;

Result<void, std::string> Control::open(const std::string& path) {
    ::unlink(path.c_str());
    int error = uv_pipe_bind(&listener_, path.c_str());
    if (error == 0)
        error = uv_listen(reinterpret_cast<uv_stream_t*>(&listener_), kBacklog,
                          [](uv_stream_t* server, int status) {
                              if (status == 0) static_cast<Control*>(server->data)->accept();
                          });
    if (error != 0) return failure(path + ": " + uv_strerror(error));
    return {};
}

void Control::accept() {
    clients_.push_back(std::make_unique<Client>(*this));
    Client& client = *clients_.back();
    uv_pipe_init(&loop_, &client.pipe, 0);
    client.pipe.data = &client;
    auto* stream = reinterpret_cast<uv_stream_t*>(&client.pipe);
    if (uv_accept(reinterpret_cast<uv_stream_t*>(&listener_), stream) != 0) return close(client);
    uv_read_start(
        stream,
        [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
            auto& own = static_cast<Client*>(handle->data)->buffer;
            *buffer = uv_buf_init(own.data(), static_cast<unsigned>(own.size()));
        },
        [](uv_stream_t* source, ssize_t size, const uv_buf_t* buffer) {
            Client& self = *static_cast<Client*>(source->data);
            self.owner.read(self, buffer->base, size);
        });
}

void Control::read(Client& client, const char* data, ssize_t size) {
    if (size < 0) return close(client);
    client.unread.append(data, static_cast<std::size_t>(size));
    std::size_t end = 0;
    while ((end = client.unread.find('\n')) != std::string::npos) {
        const std::string line = client.unread.substr(0, end);
        client.unread.erase(0, end + 1);
        answer(client, obey_(line) + "\n");
    }
    if (client.unread.size() > kCommandBytesMax) close(client);
}

void Control::answer(Client& client, const std::string& line) {
    auto answer = std::make_unique<Answer>();
    answer->text = line;
    answer->request.data = answer.get();
    uv_buf_t buffer = uv_buf_init(answer->text.data(), static_cast<unsigned>(answer->text.size()));
    uv_write(&answer.release()->request, reinterpret_cast<uv_stream_t*>(&client.pipe), &buffer, 1,
             [](uv_write_t* request, int) {
                 const std::unique_ptr<Answer> done(static_cast<Answer*>(request->data));
             });
}

void Control::close(Client& client) {
    auto* handle = reinterpret_cast<uv_handle_t*>(&client.pipe);
    if (uv_is_closing(handle) != 0) return;
    uv_close(handle, [](uv_handle_t* closed) {
        Client* self = static_cast<Client*>(closed->data);
        std::erase_if(self->owner.clients_,
                      [self](const auto& owned) { return owned.get() == self; });
    });
}

}  // namespace lotmesh::fault_proxy
