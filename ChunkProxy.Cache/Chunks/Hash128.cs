using System.Buffers.Binary;
using System.Globalization;

namespace ChunkProxy.Cache.Chunks;

/// <summary>128 bits of a hash.</summary>
/// <remarks>
/// Not a <see cref="UInt128"/>: ReadyToRun compiles no method that touches the fields of a type with one, because its alignment differs between
/// systems. That would be every method that handles an <see cref="ObjectId"/> or a <see cref="ChunkKey"/>. For its alignment, a key would also
/// take 32 bytes instead of 24.
/// </remarks>
/// <param name="High">The upper half.</param>
/// <param name="Low">The lower half.</param>
public readonly record struct Hash128(ulong High, ulong Low)
{
    private const int DigitsOfHalf = 16;

    /// <summary>A small number, which is no hash of anything.</summary>
    public static implicit operator Hash128(ulong number) => new(0, number);

    public static Hash128 ReadBigEndian(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[8..]));

    public static Hash128 ReadLittleEndian(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt64LittleEndian(source[8..]), BinaryPrimitives.ReadUInt64LittleEndian(source));

    /// <summary>Parses up to 32 hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Hash128 hash)
    {
        var middle = Math.Max(0, text.Length - DigitsOfHalf);
        var high = 0UL;
        var isHash = TryParseHalf(text[middle..], out var low) && (middle == 0 || TryParseHalf(text[..middle], out high));
        hash = isHash ? new Hash128(high, low) : default;
        return isHash;
    }

    public void WriteLittleEndian(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(target, Low);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], High);
    }

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");

    private static bool TryParseHalf(ReadOnlySpan<char> text, out ulong half)
    {
        half = 0;
        return text.Length is > 0 and <= DigitsOfHalf && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out half);
    }
}
