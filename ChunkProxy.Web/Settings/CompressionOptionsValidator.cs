using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Settings;

/// <summary>Validates <see cref="CompressionOptions"/> beyond the bounds of its properties.</summary>
internal sealed class CompressionOptionsValidator : IValidateOptions<CompressionOptions>
{
    public ValidateOptionsResult Validate(string? name, CompressionOptions options)
    {
        var failures = new SettingFailures(CompressionOptions.Section);
        foreach (var type in SettingText.ListOf(options.Types))
        {
            failures.Require(
                type.Split('/') is [{ Length: > 0 }, { Length: > 0 }] && !type.Contains(';', StringComparison.Ordinal) && !type.Contains('*', StringComparison.Ordinal),
                nameof(CompressionOptions.Types),
                $"'{type}' is not a media type such as text/vtt");
            failures.Require(!IsMedia(type), nameof(CompressionOptions.Types), $"'{type}' is media, which is compressed already");
        }

        return failures.ToResult();
    }

    private static bool IsMedia(string type) =>
        (type.StartsWith("video/", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("image/", StringComparison.OrdinalIgnoreCase))
        && !type.EndsWith("mpegurl", StringComparison.OrdinalIgnoreCase);
}
