using System.Globalization;

namespace ChunkProxy.Cache.Settings;

/// <summary>A number of bytes, written as <c>64KiB</c>, <c>1.5GiB</c> or <c>2B</c>. Without a unit, <c>512</c> is in MiB.</summary>
/// <remarks>Whole and never negative. Flags and configuration accept the same texts. Units are case-insensitive.</remarks>
public readonly record struct ByteSize
{
    /// <summary>Expected form, for error messages.</summary>
    public const string Expected = "a size such as 512 (MiB), 64KiB, 1.5GiB or 0";

    private static readonly (string Name, long Bytes)[] Units =
        [("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1)];

    public ByteSize(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Bytes = bytes;
    }

    public long Bytes { get; }

    public static ByteSize KiB(long count) => new(checked(count << 10));

    public static ByteSize MiB(long count) => new(checked(count << 20));

    public static implicit operator ByteSize(long bytes) => new(bytes);

    public static implicit operator long(ByteSize size) => size.Bytes;

    /// <exception cref="OverflowException">The size exceeds 2 GiB.</exception>
    public static explicit operator int(ByteSize size) => checked((int)size.Bytes);

    /// <summary>Parses a size. Returns false if the text is not a size, is not a whole number of bytes, or exceeds 2^63.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ByteSize size)
    {
        size = default;
        text = text.Trim();
        var unit = 1L << 20;
        foreach (var (name, bytes) in Units)
        {
            if (text.EndsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                text = text[..^name.Length].TrimEnd();
                unit = bytes;
                break;
            }
        }

        // Decimal, not double: exact for every size of this type.
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            || count > (decimal)long.MaxValue / unit
            || count * unit != decimal.Truncate(count * unit))
        {
            return false;
        }

        size = new ByteSize((long)(count * unit));
        return true;
    }

    /// <summary>Formats the size in the largest unit that keeps it whole, without a space. <see cref="TryParse"/> accepts the result.</summary>
    public override string ToString()
    {
        foreach (var (name, bytes) in Units)
        {
            if (Bytes >= bytes && Bytes % bytes == 0)
            {
                return (Bytes / bytes).ToString(CultureInfo.InvariantCulture) + name;
            }
        }

        return "0";
    }
}
