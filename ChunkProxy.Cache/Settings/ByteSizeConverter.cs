using System.ComponentModel;
using System.Globalization;

namespace ChunkProxy.Cache.Settings;

/// <summary>Lets configuration binding read a <see cref="ByteSize"/> from the texts that flags take.</summary>
public sealed class ByteSizeConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => value switch
    {
        string text when ByteSize.TryParse(text, out var size) => size,
        string text => throw new FormatException($"'{text}' is not {ByteSize.Expected}"),
        _ => base.ConvertFrom(context, culture, value),
    };
}
