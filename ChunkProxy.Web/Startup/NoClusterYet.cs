using ChunkProxy.Cache;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Startup;

/// <summary>
/// Refuses the settings of a cluster, until members talk to each other: a node that took them and stood alone would be worse.
/// </summary>
internal sealed class NoClusterYet : IValidateOptions<PoolOptions>
{
    public ValidateOptionsResult Validate(string? name, PoolOptions options) => options.StandsAlone
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(
            $"{PoolOptions.Section}:{(options.Peers is [] ? nameof(PoolOptions.Coord) : nameof(PoolOptions.PoolPeers))}: "
            + "this version has no cluster yet: every node stands alone");
}
