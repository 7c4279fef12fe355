using System.Text;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Security;
using ChunkProxy.Testing.Fuzzing;

namespace ChunkProxy.Cache.Tests.Membership;

/// <summary>Keys in etcd, written by any process.</summary>
public sealed class RegistrationFuzzTests
{
    private static readonly MemberRegistration Registration = new(new Member("10.0.0.1:7070") { Weight = 2, Name = "one" }, Guid.NewGuid(), Leaving: false);
    private static readonly RegistrationProof Unproven = new(keys: null, prefix: "");

    [Fact]
    public void TryRead_AnyValue_IsARegistrationOrNone() => Fuzz.Bytes(
        [Unproven.Write(Registration), Encoding.UTF8.GetBytes("""{"weight":1e308,"role":"node","name":"x"}"""), [(byte)'{', (byte)'}']],
        value =>
        {
            if (Unproven.TryRead("10.0.0.1:7070", value, out var read, out var reason))
            {
                Assert.True(read.Member.Weight > 0 && double.IsFinite(read.Member.Weight));
                _ = new Epoch([read.Member]);
            }
            else
            {
                Assert.NotEmpty(reason);
            }
        });

    [Fact]
    public void TryRead_AnyValueWithAKey_IsThatRegistrationOrNone()
    {
        var proof = new RegistrationProof(new KeyRing([new SharedSecret("a secret of the cluster")]).KeysFor(KeyPurpose.Registration), "members/");
        Fuzz.Bytes(
            [proof.Write(Registration), Unproven.Write(Registration)],
            value =>
            {
                if (proof.TryRead("10.0.0.1:7070", value, out var read, out _))
                {
                    Assert.Equal(Registration, read);
                }
            });
    }
}
