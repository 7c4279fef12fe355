using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Http.Access;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>The secret that actions require. During a key change the file may contain several, one per line.</summary>
internal sealed class AdminKey(IOptions<AdminOptions> options) : IReloadable
{
    private IReadOnlyList<SharedSecret> _secrets = SharedSecret.ReadAll(options.Value.AdminKey, options.Value.AdminKeyFile);

    public string Name => "admin key";

    /// <summary>Whether a key is configured. Does not change.</summary>
    public bool IsSet => Volatile.Read(ref _secrets).Count > 0;

    /// <summary>Reads the key again from its file.</summary>
    public string? Reload()
    {
        if (options.Value.AdminKeyFile is not { Length: > 0 })
        {
            return null; // the environment and the flags of a process do not change
        }

        var checkedAgain = new AdminOptionsValidator().Validate(name: null, options.Value);
        if (checkedAgain.Failed)
        {
            return checkedAgain.FailureMessage;
        }

        Volatile.Write(ref _secrets, SharedSecret.ReadAll(options.Value.AdminKey, options.Value.AdminKeyFile));
        return null;
    }

    /// <summary>Returns whether an <c>Authorization</c> field contains the key.</summary>
    public bool IsIn(string? authorization) =>
        authorization is not null && BearerScheme.TokenIn(authorization) is { } candidate && Volatile.Read(ref _secrets).Any(secret => secret.Matches(candidate));
}
