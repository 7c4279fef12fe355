using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Http.Access;

/// <summary>The keys of bearer tokens in a file that is read again.</summary>
internal sealed partial class BearerKeyFile : IBearerKeySource
{
    private readonly RereadFile<BearerKeys> _file;

    public BearerKeyFile(AccessOptions options, TimeProvider time, ILogger log, string? scope)
    {
        var failures = new Recurrence(time);
        _file = new RereadFile<BearerKeys>(
            options.BearerKeysFile!,
            BearerKeys.Parse,
            options.RereadAfter,
            reason =>
            {
                if (failures.Happened() > 0)
                {
                    LogOldKeys(log, $"{SettingScope.Of(scope, AccessOptions.Section)}:{nameof(AccessOptions.BearerKeysFile)}", reason);
                }
            },
            time);
        _ = _file.Value; // if the file becomes unreadable, these keys stay in use
    }

    public ValueTask<BearerKeys?> CurrentAsync(BearerKeys? known, CancellationToken cancellationToken) => new(_file.Value);

    [LoggerMessage(1, LogLevel.Warning, "{Setting} cannot be used ({Reason}); the previous keys stay in use")]
    private static partial void LogOldKeys(ILogger log, string setting, string reason);
}
