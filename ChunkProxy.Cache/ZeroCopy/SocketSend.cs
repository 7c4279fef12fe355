using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>A send that waits for room in the socket. One object for all sends of a connection, one at a time.</summary>
internal sealed class SocketSend() : SocketAsyncEventArgs(true), IValueTaskSource<int?>
{
    private ManualResetValueTaskSourceCore<int?> _completion; // continues where the send completed

    private int? Sent => SocketError == SocketError.Success ? BytesTransferred : null;

    /// <returns>Bytes sent; null if the connection is not to be written to any more.</returns>
    public ValueTask<int?> SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        _completion.Reset();
        SetBuffer(MemoryMarshal.AsMemory(bytes)); // a send only reads
        try
        {
            return socket.SendAsync(this) ? new ValueTask<int?>(this, _completion.Version) : new ValueTask<int?>(Sent);
        }
        catch (ObjectDisposedException)
        {
            return new ValueTask<int?>((int?)null);
        }
    }

    int? IValueTaskSource<int?>.GetResult(short token) => _completion.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int?>.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource<int?>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    protected override void OnCompleted(SocketAsyncEventArgs e) => _completion.SetResult(Sent);
}
