using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ChunkProxy.Cache.Security;

/// <summary>Builds the input of a MAC: length-prefixed values, so that different sequences never encode to the same bytes.</summary>
internal ref struct MacText(Span<byte> initial)
{
    private const int Missing = -1;

    private Span<byte> _bytes = initial;
    private byte[]? _rented;
    private int _length;

    public readonly ReadOnlySpan<byte> Written => _bytes[.._length];

    /// <summary>Encodes null and an empty text differently.</summary>
    public void Add(string? text)
    {
        if (text is null)
        {
            BinaryPrimitives.WriteInt32LittleEndian(Next(sizeof(int)), Missing);
            return;
        }

        var room = Next(sizeof(int) + Encoding.UTF8.GetMaxByteCount(text.Length));
        var count = Encoding.UTF8.GetBytes(text, room[sizeof(int)..]);
        BinaryPrimitives.WriteInt32LittleEndian(room, count);
        _length -= room.Length - sizeof(int) - count;
    }

    public void Add(long number) => BinaryPrimitives.WriteInt64LittleEndian(Next(sizeof(long)), number);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Next(sizeof(int)), bytes.Length);
        bytes.CopyTo(Next(bytes.Length));
    }

    /// <summary>Returns rented memory. Call once, at the end.</summary>
    public readonly void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }

    private Span<byte> Next(int count)
    {
        if (_bytes.Length - _length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _bytes.Length, _length + count));
            Written.CopyTo(larger);
            Dispose();
            _bytes = _rented = larger;
        }

        var next = _bytes.Slice(_length, count);
        _length += count;
        return next;
    }
}
