using System.Text;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Tests.Membership;

public sealed class RegistrationProofTests
{
    private const string Prefix = "clusters/banana/members/";

    private static readonly MemberRegistration Registration = new(new Member("10.0.0.1:7070") { Weight = 2 }, Guid.NewGuid(), Leaving: false);
    private static readonly RegistrationProof Proof = Of(Prefix, "a secret of the cluster");

    [Fact]
    public void TryRead_AsItWasWritten_IsTheRegistration()
    {
        Assert.True(Proof.TryRead("10.0.0.1:7070", Proof.Write(Registration), out var read, out _));
        Assert.Equal(Registration, read);
    }

    [Fact]
    public void TryRead_AnyByteIsAnother_IsNone()
    {
        var value = Proof.Write(Registration);
        for (var i = 0; i < value.Length; i++)
        {
            value[i] ^= 1;
            Assert.False(Proof.TryRead("10.0.0.1:7070", value, out _, out _), $"byte {i}");
            value[i] ^= 1;
        }
    }

    [Fact]
    public void TryRead_OfAnotherCluster_IsNone() => Assert.False(Proof.TryRead("10.0.0.1:7070", Of("clusters/other/members/", "a secret of the cluster").Write(Registration), out _, out _));

    [Fact]
    public void TryRead_WithAnotherKey_IsNone() => Assert.False(Proof.TryRead("10.0.0.1:7070", Of(Prefix, "another secret of the cluster").Write(Registration), out _, out _));

    [Fact]
    public void TryRead_WithoutAProof_IsNone()
    {
        Assert.False(Proof.TryRead("10.0.0.1:7070", Registration.ToJson(), out _, out var reason));
        Assert.Contains("no proof", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_WithAProofWhereThereIsNoKey_SaysSo()
    {
        var unproven = new RegistrationProof(keys: null, prefix: "");

        Assert.False(unproven.TryRead("10.0.0.1:7070", Proof.Write(Registration), out _, out var reason));
        Assert.Contains("this process has no pool key", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_WhileTheKeyIsReplaced_TakesBoth()
    {
        var both = Of(Prefix, "another secret of the cluster", "a secret of the cluster");

        Assert.True(both.TryRead("10.0.0.1:7070", Proof.Write(Registration), out _, out _));
        Assert.True(Of(Prefix, "another secret of the cluster").TryRead("10.0.0.1:7070", both.Write(Registration), out _, out _));
    }

    [Fact]
    public void Write_IsReadable() => Assert.StartsWith("{\"address\":\"10.0.0.1:7070\",", Encoding.UTF8.GetString(Proof.Write(Registration)), StringComparison.Ordinal);

    private static RegistrationProof Of(string prefix, params string[] secrets) =>
        new(new KeyRing([.. secrets.Select(secret => new SharedSecret(secret))]).KeysFor(KeyPurpose.Registration), prefix);
}
