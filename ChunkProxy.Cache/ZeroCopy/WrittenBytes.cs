using System.Buffers;

namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>Unsent bytes that the server wrote: heads, and bodies that are not lent. Holds a buffer only while it holds bytes.</summary>
internal sealed class WrittenBytes
{
    private const int SmallestBuffer = 4 * 1024; // fits nearly every head

    private byte[] _buffer = [];
    private int _used;
    private int _sent;

    public ReadOnlyMemory<byte> Unsent => _buffer.AsMemory(_sent, _used - _sent);

    public Memory<byte> GetMemory(int sizeHint)
    {
        var wanted = Math.Max(1, sizeHint);
        if (_buffer.Length - _used < wanted)
        {
            Grow(wanted);
        }

        return _buffer.AsMemory(_used);
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_buffer.Length - _used));
        _used += count;
    }

    public void Sent(int count)
    {
        _sent += count;
        if (_sent == _used)
        {
            Clear();
        }
    }

    /// <summary>Drops the unsent bytes. No send of them may be running.</summary>
    public void Clear()
    {
        var buffer = _buffer;
        _buffer = [];
        _used = _sent = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Grow(int wanted)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(SmallestBuffer, Math.Max(_used + wanted, 2 * _used)));
        _buffer.AsSpan(0, _used).CopyTo(larger);
        var sent = _sent;
        var used = _used;
        Clear();
        (_buffer, _used, _sent) = (larger, used, sent);
    }
}
