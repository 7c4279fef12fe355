using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>A member of a pool with mutual TLS, and the authority that signs its members' certificates.</summary>
public sealed class TlsPool : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal TestAuthority Authority { get; } = new();

    /// <summary>The authority's certificate.</summary>
    internal string AuthorityFile => _folder.Combine("authority.pem");

    internal ScriptedOrigin Origin { get; } = ScriptedOrigin.Start();

    internal ClusterMember Member { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Authority.WriteAuthority(AuthorityFile);

        // Nobody else is in its list. A reader lists it once its address is known.
        Member = new ClusterMember(
            FlagsOf("127.0.0.1:1"),
            [("PoolCertificate", Authority.WriteMember(_folder.Combine("member.pem"))), ("PoolAuthority", AuthorityFile), ("PoolCertificateNames", "front.example"), .. EtcdCluster.NobodyHangs],
            isBehindProxy: false);
        await Member.StartAsync(CancellationToken.None);
    }

    /// <summary>Another member, which is not started.</summary>
    /// <param name="settings">Its certificate and authority.</param>
    internal ClusterMember Reader(params (string Key, string Value)[] settings) => new(FlagsOf(Member.Id), [.. settings, .. EtcdCluster.NobodyHangs], isBehindProxy: false);

    public async ValueTask DisposeAsync()
    {
        await Member.DisposeAsync();
        await Origin.DisposeAsync();
        Authority.Dispose();
        _folder.Dispose();
    }

    // Many chunks, so that each owns some. Without a disk, because a member with one asks the others for purges before it answers: here for the time
    // in which nobody hangs, as the member that is only listed never answers.
    private string[] FlagsOf(string peer) => ["-url", Origin.BaseAddress.ToString(), "-poolpeers", peer, "-size-c", "64KiB", "-size-d", "0"];
}
