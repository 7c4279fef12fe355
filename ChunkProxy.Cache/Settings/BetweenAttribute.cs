using System.Globalization;

namespace ChunkProxy.Cache.Settings;

/// <summary>Inclusive range of a setting, as in docs/configuration.md: <c>1 ms to 10 min</c>, <c>1 to 1,000</c>, <c>at least 64KiB</c>.</summary>
/// <param name="least">Smallest value.</param>
/// <param name="most">Largest value, or null for no upper bound.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BetweenAttribute(string least, string? most = null) : Attribute
{
    public bool Admits(object value) => Compare(value, least) >= 0 && (most is null || Compare(value, most) <= 0);

    public override string ToString() => most is null ? $"at least {least}" : $"{least} to {most}";

    private static int Compare(object value, string bound) => value switch
    {
        int number => number.CompareTo(int.Parse(bound, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)),
        double number => number.CompareTo(double.Parse(bound, CultureInfo.InvariantCulture)),
        ByteSize size => size.Bytes.CompareTo(ByteSize.TryParse(bound, out var bytes) ? bytes.Bytes : throw new FormatException(bound)),
        TimeSpan time => time.CompareTo(DurationText.TryRead(bound, out var duration) ? duration : throw new FormatException(bound)),
        _ => throw new NotSupportedException($"Bounds are not supported for {value.GetType()}."),
    };
}
