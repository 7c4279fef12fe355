using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Access;

/// <summary>Whether URLs must be signed, and the current keys.</summary>
internal sealed class UrlSigning(IOptions<AccessOptions> options, TimeProvider time, ILogger<UrlSigning> log, string? scope = null)
{
    private readonly RereadFile<UrlKeys>? _file = options.Value.UrlKeyFile is { Length: > 0 } path
        ? AccessKeyFile.Open(path, UrlKeys.Parse, options.Value, nameof(AccessOptions.UrlKeyFile), scope, time, log)
        : null;

    /// <summary>Whether URLs must be signed.</summary>
    public bool IsOn => _file is not null;

    /// <summary>The keys. Only if <see cref="IsOn"/>.</summary>
    public UrlKeys Keys => _file!.Value;
}
