#include "runtime/ws/frames.h"

#include <wslay/wslay.h>

#include <algorithm>
#include <string_view>

#include "base/assert.h"
#include "base/utf8.h"

namespace lotmesh::ws {

namespace {

constexpr std::size_t kControlBytesMax = 125;
constexpr std::size_t kHeadBytesMax = 10;
constexpr std::size_t kCodeBytes = 2;

struct FreeContext {
    void operator()(wslay_frame_context* context) const { wslay_frame_context_free(context); }
};

// Section 7.4: what may stand in a close frame. Those in between are reserved or never sent.
bool may_be_sent(std::uint16_t code) {
    const bool of_the_protocol =
        code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
    const bool of_others = code >= 3000 && code <= 4999;
    return of_the_protocol || of_others;
}

bool is_control(std::uint8_t opcode) { return wslay_is_ctrl_frame(opcode) != 0; }

}  // namespace

struct Frames::Impl {
    explicit Impl(const Limits& bounds) : limits(bounds) {
        wslay_frame_callbacks callbacks{};
        callbacks.recv_callback = [](std::uint8_t* to, std::size_t size, int, void* self) {
            return static_cast<Impl*>(self)->give(to, size);
        };
        callbacks.send_callback = [](const std::uint8_t* from, std::size_t size, int, void* self) {
            return static_cast<Impl*>(self)->take(from, size);
        };
        wslay_frame_context* made = nullptr;
        const int error = wslay_frame_context_init(&made, &callbacks, this);
        ASSERT(error == 0);
        context.reset(made);
    }
    // wslay points at us.
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    // wslay's reads and writes.
    ssize_t give(std::uint8_t* to, std::size_t size);
    ssize_t take(const std::uint8_t* from, std::size_t size);
    void send(wslay_opcode opcode, std::span<const ByteView> runs);

    void begin_frame(const wslay_frame_iocb& part, Instant now, Output& out);
    void begin_data_frame(const wslay_frame_iocb& part, Output& out);
    void take_part(const wslay_frame_iocb& part, Output& out);
    void end_control(std::uint8_t opcode, Output& out);
    void answer_close(Output& out);
    bool too_many_idle(Instant now);
    void send_control(wslay_opcode opcode, ByteView payload, Bytes& out);
    void fail(CloseCode code, std::string_view reason, Bytes& out);

    Limits limits;
    std::unique_ptr<wslay_frame_context, FreeContext> context;
    ByteView input;                // of one receive()
    std::uint64_t frame_left = 0;  // payload of the frame that has begun
    bool in_message = false;       // a frame that was not the last one of its message has come
    bool closed = false;
    std::string_view why;
    Bytes control;  // payload of the control frame that has begun
    Instant window_began;
    std::uint32_t idle_frames = 0;  // since then
    Bytes head;                     // that wslay wrote
    ByteView borrowed;              // payload that is not copied behind it
};

// A negative answer is "nothing more yet".
ssize_t Frames::Impl::give(std::uint8_t* to, std::size_t size) {
    const std::size_t count = std::min(size, input.size());
    if (count == 0) return -1;
    std::copy_n(input.data(), count, to);
    input = input.subspan(count);
    return static_cast<ssize_t>(count);
}

ssize_t Frames::Impl::take(const std::uint8_t* from, std::size_t size) {
    if (from != borrowed.data()) head.insert(head.end(), from, from + size);
    return static_cast<ssize_t>(size);
}

// wslay hands the payload through as it is, since a server does not mask; so the bytes of the head
// are all that is kept.
void Frames::Impl::send(wslay_opcode opcode, std::span<const ByteView> runs) {
    head.clear();
    wslay_frame_iocb frame{};
    frame.fin = 1;
    frame.opcode = static_cast<std::uint8_t>(opcode);
    for (const ByteView run : runs)
        frame.payload_length += run.size();
    for (const ByteView run : runs) {
        borrowed = run;
        frame.data = run.data();
        frame.data_length = run.size();
        const ssize_t sent = wslay_frame_send(context.get(), &frame);
        ASSERT(sent == static_cast<ssize_t>(run.size()));
    }
    borrowed = {};
}

void Frames::Impl::send_control(wslay_opcode opcode, ByteView payload, Bytes& out) {
    ASSERT(payload.size() <= kControlBytesMax);
    const ByteView runs[] = {payload};
    send(opcode, runs);
    out.insert(out.end(), head.begin(), head.end());
    out.insert(out.end(), payload.begin(), payload.end());
}

void Frames::Impl::fail(CloseCode code, std::string_view reason, Bytes& out) {
    Bytes payload;
    ByteWriter(payload).u16(static_cast<std::uint16_t>(code));
    send_control(WSLAY_CONNECTION_CLOSE, payload, out);
    closed = true;
    why = reason;
}

// A fixed window: at its border twice as many may come, which does no harm.
bool Frames::Impl::too_many_idle(Instant now) {
    if (now - window_began >= limits.idle_frames_window) {
        window_began = now;
        idle_frames = 0;
    }
    return ++idle_frames > limits.idle_frames_max;
}

void Frames::Impl::begin_frame(const wslay_frame_iocb& part, Instant now, Output& out) {
    if (part.mask == 0) return fail(CloseCode::ProtocolError, "a frame without mask", out.reply);
    if (part.rsv != WSLAY_RSV_NONE)
        return fail(CloseCode::ProtocolError, "a reserved bit", out.reply);
    if (part.payload_length > limits.frame_bytes_max)
        return fail(CloseCode::TooBig, "a frame that is too long", out.reply);
    const bool idle = is_control(part.opcode) || part.payload_length == 0;
    if (idle && too_many_idle(now))
        return fail(CloseCode::PolicyViolation, "too many frames without payload", out.reply);
    frame_left = part.payload_length;
    switch (static_cast<wslay_opcode>(part.opcode)) {
        case WSLAY_CONTINUATION_FRAME:
        case WSLAY_TEXT_FRAME:
        case WSLAY_BINARY_FRAME: return begin_data_frame(part, out);
        case WSLAY_CONNECTION_CLOSE:
        case WSLAY_PING:
        case WSLAY_PONG: control.clear(); return;
    }
    fail(CloseCode::ProtocolError, "a reserved opcode", out.reply);
}

void Frames::Impl::begin_data_frame(const wslay_frame_iocb& part, Output& out) {
    if (part.opcode == WSLAY_TEXT_FRAME)  // [MQTT-6.0.0-1]
        return fail(CloseCode::UnsupportedData, "a text frame", out.reply);
    if ((part.opcode == WSLAY_CONTINUATION_FRAME) != in_message)
        return fail(CloseCode::ProtocolError, "fragments out of order", out.reply);
    in_message = part.fin == 0;
}

void Frames::Impl::take_part(const wslay_frame_iocb& part, Output& out) {
    // Where packets begin and end is not known here. [MQTT-6.0.0-2]
    Bytes& to = is_control(part.opcode) ? control : out.received;
    to.insert(to.end(), part.data, part.data + part.data_length);
    frame_left -= part.data_length;
    if (frame_left == 0 && is_control(part.opcode)) end_control(part.opcode, out);
}

void Frames::Impl::end_control(std::uint8_t opcode, Output& out) {
    if (opcode == WSLAY_PING) send_control(WSLAY_PONG, control, out.reply);
    if (opcode == WSLAY_CONNECTION_CLOSE) answer_close(out);
}

void Frames::Impl::answer_close(Output& out) {
    if (control.size() == 1) return fail(CloseCode::ProtocolError, "half a close code", out.reply);
    const ByteView code = ByteView(control).first(std::min(control.size(), kCodeBytes));
    if (!code.empty() && !may_be_sent(ByteReader(code).u16()))
        return fail(CloseCode::ProtocolError, "a close code that may not be sent", out.reply);
    if (!is_utf8(as_text(ByteView(control).subspan(code.size()))))
        return fail(CloseCode::InvalidPayload, "a close reason that is no UTF-8", out.reply);
    send_control(WSLAY_CONNECTION_CLOSE, code, out.reply);
    closed = true;
    why = "closed by the client";
}

Frames::Frames(const Limits& limits) : impl_(std::make_unique<Impl>(limits)) {}
Frames::~Frames() = default;
Frames::Frames(Frames&&) noexcept = default;
Frames& Frames::operator=(Frames&&) noexcept = default;

void Frames::receive(ByteView bytes, Instant now, Output& out) {
    Impl& frames = *impl_;
    ASSERT(!frames.closed);
    frames.input = bytes;
    while (!frames.closed) {
        const bool begins = frames.frame_left == 0;
        wslay_frame_iocb part{};
        const ssize_t size = wslay_frame_recv(frames.context.get(), &part);
        if (size == WSLAY_ERR_WANT_READ) break;
        if (size < 0) {
            frames.fail(CloseCode::ProtocolError, "no frame of WebSocket", out.reply);
            break;
        }
        if (begins) frames.begin_frame(part, now, out);
        if (!frames.closed) frames.take_part(part, out);
    }
    frames.input = {};
}

ByteView Frames::head(std::span<const ByteView> runs) {
    impl_->send(WSLAY_BINARY_FRAME, runs);
    ASSERT(impl_->head.size() <= kHeadBytesMax);
    return impl_->head;
}

void Frames::close(CloseCode code, Bytes& out) {
    if (!impl_->closed) impl_->fail(code, "closed by this broker", out);
}

bool Frames::is_closed() const { return impl_->closed; }
std::string_view Frames::close_reason() const { return impl_->why; }

}  // namespace lotmesh::ws
