using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Http.Access;

/// <summary>The keys of bearer tokens in a file that is read again.</summary>
internal sealed class BearerKeyFile : IBearerKeySource
{
    private readonly RereadFile<BearerKeys> _file;

    public BearerKeyFile(AccessOptions options, TimeProvider time, ILogger log, string? scope)
    {
        _file = AccessKeyFile.Open(options.BearerKeysFile!, BearerKeys.Parse, options, nameof(AccessOptions.BearerKeysFile), scope, time, log);
        _ = _file.Value; // if the file becomes unreadable, these keys stay in use
    }

    public ValueTask<BearerKeys?> CurrentAsync(BearerKeys? known, CancellationToken cancellationToken) => new(_file.Value);
}
