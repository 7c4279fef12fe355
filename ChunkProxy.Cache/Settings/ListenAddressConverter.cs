using System.ComponentModel;
using System.Globalization;

namespace ChunkProxy.Cache.Settings;

/// <summary>Lets configuration binding read a <see cref="ListenAddress"/>.</summary>
public sealed class ListenAddressConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => value switch
    {
        string text when ListenAddress.TryParse(text, out var address) => address,
        string text => throw new FormatException($"'{text}' is not {ListenAddress.Expected}"),
        _ => base.ConvertFrom(context, culture, value),
    };
}
