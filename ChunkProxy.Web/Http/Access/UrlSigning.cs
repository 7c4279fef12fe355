using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Access;

/// <summary>Whether URLs must be signed, and the current keys.</summary>
internal sealed partial class UrlSigning
{
    private readonly RereadFile<UrlKeys>? _file;

    public UrlSigning(IOptions<AccessOptions> options, TimeProvider time, ILogger<UrlSigning> log, string? scope = null)
    {
        var failures = new Recurrence(time);
        _file = string.IsNullOrEmpty(options.Value.UrlKeyFile)
            ? null
            : new RereadFile<UrlKeys>(
                options.Value.UrlKeyFile,
                UrlKeys.Parse,
                options.Value.RereadAfter,
                reason =>
                {
                    if (failures.Happened() > 0)
                    {
                        LogOldKeys(log, $"{SettingScope.Of(scope, AccessOptions.Section)}:{nameof(AccessOptions.UrlKeyFile)}", reason);
                    }
                },
                time);
    }

    /// <summary>Whether URLs must be signed.</summary>
    public bool IsOn => _file is not null;

    /// <summary>The keys. Only if <see cref="IsOn"/>.</summary>
    public UrlKeys Keys => _file!.Value;

    [LoggerMessage(1, LogLevel.Warning, "{Setting} cannot be used ({Reason}); the previous keys stay in use")]
    private static partial void LogOldKeys(ILogger log, string setting, string reason);
}
