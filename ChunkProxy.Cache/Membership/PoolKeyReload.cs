using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Membership;

/// <summary>Reads the pool's keys again from their file.</summary>
internal sealed class PoolKeyReload(KeyRing keys, IOptions<PoolOptions> options) : IReloadable
{
    public string Name => "pool key";

    public string? Reload()
    {
        var pool = options.Value;
        if (pool.PoolKeyFile is not { Length: > 0 })
        {
            return null; // the environment and the flags of a process do not change
        }

        var checkedAgain = new PoolOptionsValidator().Validate(name: null, pool);
        if (checkedAgain.Failed)
        {
            return checkedAgain.FailureMessage;
        }

        keys.Replace(SharedSecret.ReadAll(pool.PoolKey, pool.PoolKeyFile));
        return null;
    }
}
