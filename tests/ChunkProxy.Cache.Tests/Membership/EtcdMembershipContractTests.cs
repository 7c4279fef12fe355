using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Security;
using ChunkProxy.Testing.Etcd;

namespace ChunkProxy.Cache.Tests.Membership;

public sealed class EtcdMembershipContractTests(EtcdServer etcd) : MembershipSourceContract, IClassFixture<EtcdServer>
{
    private readonly string _cluster = etcd.FreshPrefix();

    private protected override IMembershipSource Create(Member? self) => new EtcdMembership(
        self, [new Uri(etcd.Url)], _cluster, new KeyRing([new SharedSecret("a secret of the contract")]), EtcdMember.Patient(), TimeProvider.System, new MembershipLogRecorder(new()));
}
