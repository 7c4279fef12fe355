using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>Validates <see cref="ColdReadOptions"/> against the chunk size.</summary>
/// <remarks>If the origin ignores ranges, a whole body in progress holds one chunk. With less than two, no other read of its client could begin meanwhile.</remarks>
internal sealed class ColdReadOptionsValidator(IOptions<CacheOptions> cache) : IValidateOptions<ColdReadOptions>
{
    public ValidateOptionsResult Validate(string? name, ColdReadOptions options)
    {
        var failures = new SettingFailures(ColdReadOptions.Section, name);
        if (options.ColdBytes != 0 && LeastBytes() is { } least && options.ColdBytes < least)
        {
            failures.Require(false, nameof(ColdReadOptions.ColdBytes), $"{options.ColdBytes} is less than two chunks ({least}): takes 0, or that at least");
        }

        return failures.ToResult();
    }

    private ByteSize? LeastBytes()
    {
        try
        {
            return 2L * cache.Value.ChunkSize;
        }
        catch (OptionsValidationException)
        {
            return null; // reported by itself
        }
    }
}
