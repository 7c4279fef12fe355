using System.Globalization;

namespace ChunkProxy.Cache.Settings;

/// <summary>Parses setting values, independent of the culture.</summary>
internal static class SettingText
{
    /// <summary>Returns the entries of a comma-separated list, trimmed; none for null.</summary>
    public static string[] ListOf(string? list) => (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Parses a text as a property type. For a nullable type an empty text is null.</summary>
    /// <exception cref="FormatException">The text does not match the type. The message states the expected form.</exception>
    public static object? Read(string text, Type type)
    {
        if (type == typeof(string))
        {
            return text;
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return text.Length == 0 ? null : Read(text, underlying);
        }

        if (type == typeof(Uri))
        {
            return text.Length == 0 ? null : Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var url) ? url : throw Not("a URL");
        }

        if (type == typeof(bool))
        {
            return bool.TryParse(text, out var isSo) ? isSo : throw Not("true or false");
        }

        if (type == typeof(int))
        {
            return int.TryParse(text, CultureInfo.InvariantCulture, out var count) ? count : throw Not("a whole number");
        }

        if (type == typeof(double))
        {
            return double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : throw Not("a number");
        }

        if (type == typeof(TimeSpan))
        {
            return DurationText.TryRead(text, out var time) ? time : throw Not(DurationText.Expected);
        }

        if (type == typeof(ByteSize))
        {
            return ByteSize.TryParse(text, out var size) ? size : throw Not(ByteSize.Expected);
        }

        if (type == typeof(HostPort))
        {
            return HostPort.TryParse(text, out var address) ? address : throw Not(HostPort.Expected);
        }

        return type.IsEnum
            ? Enum.TryParse(type, text, ignoreCase: true, out var value) ? value : throw Not(string.Join(" or ", Enum.GetNames(type)))
            : throw new NotSupportedException($"Settings of type {type} are not supported.");

        FormatException Not(string expected) => new($"'{ShownSetting.Url(text)}' is not {expected}");
    }
}
