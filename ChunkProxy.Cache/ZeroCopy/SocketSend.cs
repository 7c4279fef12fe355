using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>Asynchronous send. One reusable object per connection, one send at a time.</summary>
internal sealed class SocketSend() : SocketAsyncEventArgs(true), IValueTaskSource<int?>
{
    private ManualResetValueTaskSourceCore<int?> _completion; // runs continuations inline

    private int? Sent => SocketError == SocketError.Success ? BytesTransferred : null;

    /// <returns>Bytes sent, or null if the connection is closed or broken.</returns>
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
